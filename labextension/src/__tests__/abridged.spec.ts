import { abridged } from '../abridged';

const FINANCE = { name: 'finance', prefix: '/home/ada/envs/finance' };

function shown(message: string, of = FINANCE): string {
  const said = { code: 'x', message, remedy: message };
  const short = abridged(said, of);
  expect(short.remedy).toBe(short.message);
  expect(short.code).toBe('x');
  return short.message;
}

describe('what is said of an environment in its own row', () => {
  it.each([
    ['/home/ada/envs/finance has Python.', 'finance has Python.'],
    ['Install it in /home/ada/envs/finance.', 'Install it in finance.'],
    ['(/home/ada/envs/finance).', '(finance).'],
    [
      '无法读取 /home/ada/envs/finance：无权访问。',
      '无法读取 finance：无权访问。'
    ],
    [
      '请在其项目（/home/ada/envs/finance）中运行。',
      '请在其项目（finance）中运行。'
    ],
    [
      '/home/ada/envs/finance was made for Python, but /home/ada/envs/finance/bin/python is gone.',
      'finance was made for Python, but …/bin/python is gone.'
    ]
  ])('has its name for its path: %s', (said, short) => {
    expect(shown(said)).toBe(short);
  });

  it.each([
    '/home/ada/envs/finance-2 is gone.',
    '/home/ada/envs/finance.old is gone.',
    '/mnt/home/ada/envs/finance is gone.',
    '/home/ada/envs is gone.'
  ])('keeps the paths of others: %s', said => {
    expect(shown(said)).toBe(said);
  });

  it('takes every character of a path and of a name as it is', () => {
    const of = { name: "$& $1 $'", prefix: 'C:\\envs\\a+(b) [c]$' };
    expect(shown('C:\\envs\\a+(b) [c]$\\Lib is gone.', of)).toBe(
      '…\\Lib is gone.'
    );
    expect(shown('C:\\envs\\a+(b) [c]$ is gone.', of)).toBe(
      "$& $1 $' is gone."
    );
  });
});
