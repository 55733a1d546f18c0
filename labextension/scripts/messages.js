/**
 * The messages of the labextension's source, as JSON on the standard output; `make translations` asks for them.
 *
 * Each has `file`, `context`, `text` and `plural`; the last is null where there is one form only.
 */
const fs = require('fs');
const path = require('path');

const ts = require('typescript');

const SOURCE = path.join(__dirname, '..', 'src');

/** Which arguments of a `TranslationBundle`'s methods are what. */
const METHODS = {
  __: { text: 0 },
  _n: { text: 0, plural: 1 },
  _p: { context: 0, text: 1 },
  _np: { context: 0, text: 1, plural: 2 },
  gettext: { text: 0 },
  ngettext: { text: 0, plural: 1 },
  pgettext: { context: 0, text: 1 },
  npgettext: { context: 0, text: 1, plural: 2 }
};

/** Whatever holds the bundle: `trans`, `this._trans`, `props.trans`. */
function methodOf(node) {
  const isCall =
    ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression);
  const name = isCall && node.expression.name.text;
  return name && Object.hasOwn(METHODS, name) ? METHODS[name] : null;
}

/** What is put together while the page runs could be in no catalogue. */
function literal(call, index, file) {
  const node = call.arguments[index];
  if (node && ts.isStringLiteralLike(node)) {
    return node.text;
  }
  const { line } = file.getLineAndCharacterOfPosition(call.getStart());
  throw new Error(
    `${file.fileName}:${line + 1}: what is translated must be a literal`
  );
}

function messageOf(call, method, file) {
  const of = key => (key in method ? literal(call, method[key], file) : null);
  return {
    file: file.fileName,
    context: of('context'),
    text: of('text'),
    plural: of('plural')
  };
}

function messagesIn(file) {
  const found = [];
  const visit = node => {
    const method = methodOf(node);
    if (method) {
      found.push(messageOf(node, method, file));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function parsed(name) {
  const text = fs.readFileSync(path.join(SOURCE, name), 'utf8');
  const shown = `labextension/src/${name.split(path.sep).join('/')}`;
  return ts.createSourceFile(shown, text, ts.ScriptTarget.Latest, true);
}

const files = fs
  .readdirSync(SOURCE, { recursive: true })
  .filter(name => /\.tsx?$/.test(name) && !/__tests__|\.d\.ts$/.test(name))
  .sort();

process.stdout.write(
  JSON.stringify(files.flatMap(name => messagesIn(parsed(name))))
);
