import { clockWord, elapsed, remaining, remainingWord } from '../job-times';
import { job, trans } from './server';

const START = Date.parse('2026-11-23T12:00:01Z');

function after(seconds: number): number {
  return START + seconds * 1000;
}

function done(seconds: number, parts: object = {}) {
  const finished = new Date(after(seconds)).toISOString();
  const id = `done-${seconds}-${JSON.stringify(parts)}`;
  return job({ id, status: 'succeeded', finished, ...parts });
}

describe('the time of a job', () => {
  it('is counted from its start, and never backwards', () => {
    expect(elapsed(job(), after(65))).toBe(65);
    expect(elapsed(job(), after(-100))).toBe(0);
    expect(elapsed(job({ started: null }), after(5))).toBe(0);
  });

  it('is expected to be what the same took last', () => {
    const others = [done(60), done(500, { prefix: '/other' })];
    expect(remaining(job(), others, after(20))).toBe(40);
  });

  it('is no promise once that is over: then its percent counts', () => {
    expect(remaining(job({ percent: 50 }), [done(60)], after(80))).toBe(80);
    expect(remaining(job({ percent: 2 }), [done(60)], after(80))).toBeNull();
  });

  it('is what three others of its kind took, and not what fewer did', () => {
    const [a, b, c] = [10, 20, 90].map(each => done(each, { prefix: '/o' }));
    expect(remaining(job(), [a, b, c], after(5))).toBe(15);
    expect(remaining(job(), [a, b], after(5))).toBeNull();
  });

  it('is not told by others that failed, or do something else', () => {
    const failed = done(60, { status: 'failed' });
    const clone = done(60, { operation: 'clone' });
    const venv = done(60, { phases: ['solving', 'pip'] });
    expect(remaining(job(), [failed, clone, venv], after(5))).toBeNull();
  });

  it.each([
    [0, '0:00'],
    [65.9, '1:05'],
    [3723, '1:02:03']
  ])('%s seconds are %s', (seconds, word) => {
    expect(clockWord(seconds)).toBe(word);
  });

  it.each([
    [3, 'a few seconds left'],
    [41, 'about 50 s left'],
    [56, 'about 1 min left'],
    [100, 'about 2 min left'],
    [7300, 'about 2 h left']
  ])('%s seconds more are %s', (seconds, word) => {
    expect(remainingWord(seconds, trans)).toBe(word);
  });
});
