/**
 * Runs each file of journeys in a Playwright of its own, several at once: `node each-file.js [PART OF A NAME …]`.
 *
 * So each file has a server, a home and a package cache that no other has written to, and runs as it does alone. How
 * many run at once says ENVLINK_UI_AT_ONCE; two without it. The newest channel is built before, for all of them.
 */
const { spawn, spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const AT_ONCE = Number(process.env.ENVLINK_UI_AT_ONCE || 2);
const FIRST_PORT = Number(process.env.ENVLINK_UI_PORT || 8790);
/** Tests start servers of their own at ports between. */
const PORTS = 100;
const SUFFIX = '.spec.ts';

/** The largest first: the last ones to end should be short. */
function files(wanted) {
  const folder = path.join(__dirname, 'tests');
  const size = name => fs.statSync(path.join(folder, name)).size;
  return fs
    .readdirSync(folder)
    .filter(name => name.endsWith(SUFFIX))
    .filter(name => !wanted.length || wanted.some(part => name.includes(part)))
    .sort((one, other) => size(other) - size(one));
}

/** Run one file; what it has said and its exit status. */
function run(file, port) {
  const name = path.basename(file, SUFFIX);
  const output = path.join('test-results', 'artifacts', name);
  const words = ['playwright', 'test', `tests/${file}`, `--output=${output}`];
  const child = spawn('jlpm', words, {
    cwd: __dirname,
    env: { ...process.env, ENVLINK_UI_PORT: String(port) }
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', data => (said += data));
  }
  return new Promise(done =>
    child.on('close', status => done({ file, said, status }))
  );
}

/** How many tests `said` counts as `word`. */
function count(said, word) {
  const found = said.match(new RegExp(`^ +(\\d+) ${word}`, 'm'));
  return found ? Number(found[1]) : 0;
}

async function work(queue, port, ended) {
  for (let file = queue.shift(); file; file = queue.shift()) {
    const one = await run(file, port);
    ended.push(one);
    process.stdout.write(`\n${file}\n${one.said}`);
  }
}

async function main() {
  const program = 'import serve_channel; serve_channel.built_channel()';
  const channel = spawnSync('python', ['-c', program], {
    cwd: __dirname,
    stdio: 'inherit'
  });
  if (channel.status !== 0) {
    return 1;
  }
  const queue = files(process.argv.slice(2));
  const ended = [];
  const ports = Array.from(
    { length: AT_ONCE },
    (_, n) => FIRST_PORT + n * PORTS
  );
  await Promise.all(ports.map(port => work(queue, port, ended)));

  const words = ['passed', 'failed', 'flaky', 'skipped', 'did not run'];
  const sums = words.map(word => [
    ended.reduce((sum, { said }) => sum + count(said, word), 0),
    word
  ]);
  const told = sums.filter(([sum]) => sum).map(each => each.join(' '));
  const failed = ended.filter(({ status }) => status !== 0);
  for (const { file } of failed) {
    process.stdout.write(`failed: ${file}\n`);
  }
  process.stdout.write(
    `\n${ended.length} files of journeys: ${told.join(', ')}\n`
  );
  return failed.length || !ended.length ? 1 : 0;
}

main().then(status => process.exit(status));
