import { CommandIDs } from '../ids';
import type { Envlink } from '../tokens';

import type { CommandRegistry } from '@lumino/commands';

/** Goes on from where a new environment begins, to what would come of it. */
export class Beginner {
  constructor(private _commands: CommandRegistry) {}

  /** With a file of the server. */
  async file(path: string): Promise<void> {
    await this._commands.execute(CommandIDs.createEnvironment, { path });
  }

  /** With a text that lies nowhere there. */
  async text({ filename, text }: Envlink.IText): Promise<void> {
    const named = filename === null ? {} : { filename };
    await this._commands.execute(CommandIDs.createEnvironment, {
      text,
      ...named
    });
  }

  /** With an environment, all of whose packages the new one has. */
  async clone(id: string): Promise<void> {
    await this._commands.execute(CommandIDs.clone, { id });
  }
}
