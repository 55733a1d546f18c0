import type { Envlink } from './tokens';

import type { LabIcon } from '@jupyterlab/ui-components';
import {
  checkIcon,
  errorIcon,
  infoIcon,
  refreshIcon
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import { detachedIcon, hiddenIcon, warningIcon } from './icons';

/** A state as a person sees it: a word and an icon, never a colour alone. */
export interface ISign {
  word: string;
  icon: LabIcon;
  /** The suffix of the CSS class `jp-Envlink-sign-…`. */
  tone: 'good' | 'bad' | 'attention' | 'busy' | 'quiet';
}

/** How an environment is, and whether the menu has it. */
export function environmentSign(
  environment: Envlink.IEnvironment,
  trans: TranslationBundle
): ISign {
  if (environment.state !== 'ready') {
    return stateSign(environment.state, trans);
  }
  if (environment.hidden) {
    return { word: trans.__('Hidden'), icon: hiddenIcon, tone: 'quiet' };
  }
  return environment.attached
    ? stateSign('ready', trans)
    : { word: trans.__('Detached'), icon: detachedIcon, tone: 'quiet' };
}

/** What can be done with an environment. */
export function stateSign(
  state: Envlink.State,
  trans: TranslationBundle
): ISign {
  switch (state) {
    case 'ready':
      return { word: trans.__('Ready'), icon: checkIcon, tone: 'good' };
    case 'no-kernel':
      return { word: trans.__('No kernel'), icon: infoIcon, tone: 'attention' };
    case 'broken':
      return { word: trans.__('Broken'), icon: errorIcon, tone: 'bad' };
    case 'building':
      return { word: trans.__('Building'), icon: refreshIcon, tone: 'busy' };
    case 'incomplete':
      return {
        word: trans.__('Incomplete'),
        icon: warningIcon,
        tone: 'attention'
      };
  }
}

/** A property as a person sees it: one word, and what it means. */
export interface ILabel {
  text: string;
  meaning: string;
}

/** What an environment is, beside its state. */
export function environmentLabels(
  environment: Envlink.IEnvironment,
  trans: TranslationBundle
): ILabel[] {
  const { frozen, is_server: isServer, kind, overlay } = environment;
  const labels = [{ text: kind, meaning: trans.__('The kind of environment') }];
  if (frozen) {
    labels.push({
      text: trans.__('frozen'),
      meaning: trans.__('It asks to be left as it is; nothing here changes it.')
    });
  }
  if (overlay) {
    labels.push({
      text: trans.__('overlay'),
      meaning: trans.__(
        'Its kernel runs from packages that are kept outside it; the environment itself is not touched.'
      )
    });
  }
  if (isServer) {
    labels.push({
      text: trans.__('server'),
      meaning: trans.__('This Jupyter server runs in it.')
    });
  }
  return labels;
}

/** How something is that was looked at. */
export function checkSign(ok: boolean | null, trans: TranslationBundle): ISign {
  if (ok === null) {
    return { word: trans.__('Note'), icon: infoIcon, tone: 'quiet' };
  }
  return ok
    ? { word: trans.__('Good'), icon: checkIcon, tone: 'good' }
    : { word: trans.__('Problem'), icon: errorIcon, tone: 'bad' };
}

/** How serious a diagnostic is. */
export function diagnosticSign(
  severity: Envlink.IDiagnostic['severity'],
  trans: TranslationBundle
): ISign {
  switch (severity) {
    case 'error':
      return { word: trans.__('Error'), icon: errorIcon, tone: 'bad' };
    case 'warning':
      return {
        word: trans.__('Warning'),
        icon: warningIcon,
        tone: 'attention'
      };
    case 'info':
      return { word: trans.__('Note'), icon: infoIcon, tone: 'quiet' };
  }
}

/** A format of export: the file, and what it is good for. One that this page does not know is its own name. */
export function formatWord(format: string, trans: TranslationBundle): string {
  switch (format) {
    case 'yml':
      return trans.__('environment.yml: the same packages, builds included');
    case 'yml-no-builds':
      return trans.__('environment.yml: the same versions, any build');
    case 'from-history':
      return trans.__('environment.yml: only what was asked for');
    case 'explicit':
      return trans.__('explicit.txt: the addresses of its conda packages');
    case 'conda-lock':
      return trans.__('conda-lock.yml: for conda-lock, micromamba and conda');
    case 'pixi-lock':
      return trans.__('pixi.lock: for pixi, rattler and conda');
    case 'dockerfile':
      return trans.__('Dockerfile: a container with its kernel');
    case 'pack':
      return trans.__('Archive: the environment itself, to unpack elsewhere');
    case 'requirements':
      return trans.__('requirements.txt: the same versions, for pip and uv');
    case 'pylock':
      return trans.__('pylock.toml: the very files, with their hashes');
    default:
      return format;
  }
}

/** `Python 3.11`, `R`, or nothing where it is not known. */
export function languageWord(environment: Envlink.IEnvironment): string {
  const { language, python_version: version } = environment;
  if (version && (language === null || language.toLowerCase() === 'python')) {
    return `Python ${version}`;
  }
  return language ? language.charAt(0).toUpperCase() + language.slice(1) : '';
}

/** A number of bytes as people read it. */
export function sizeWord(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let size = bytes;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** A time span as people say it. */
export function ageWord(seconds: number, trans: TranslationBundle): string {
  if (seconds < 90) {
    return trans.__('%1 s', Math.round(seconds));
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 90
    ? trans.__('%1 min', minutes)
    : trans.__('%1 h', Math.round(minutes / 60));
}

/** What a file is, in two words: the list of a narrow panel. */
export function fileKind(
  format: Envlink.Format,
  trans: TranslationBundle
): string {
  switch (format) {
    case 'environment-yml':
      return trans.__('conda environment');
    case 'explicit':
    case 'conda-lock':
    case 'pixi-lock':
      return trans.__('locked conda environment');
    case 'requirements':
    case 'pyproject':
      return trans.__('Python environment');
    case 'pylock':
      return trans.__('locked Python environment');
    case 'conda-pack':
      return trans.__('packed environment');
  }
}

/** What a file is that an environment can be made from, and what is made of it. */
export function fileWord(
  format: Envlink.Format,
  trans: TranslationBundle
): string {
  switch (format) {
    case 'environment-yml':
      return trans.__('environment.yml: what is wanted, solved for now');
    case 'explicit':
      return trans.__('@EXPLICIT list: exactly these conda packages');
    case 'conda-lock':
      return trans.__('conda-lock.yml: exactly these packages');
    case 'pixi-lock':
      return trans.__('pixi.lock: exactly these packages');
    case 'requirements':
      return trans.__('Requirements of pip: a virtual environment, by uv');
    case 'pyproject':
      return trans.__("pyproject.toml: a project's dependencies");
    case 'pylock':
      return trans.__('pylock.toml: exactly these, a virtual environment');
    case 'conda-pack':
      return trans.__('Archive of conda-pack: an environment as it was packed');
  }
}
