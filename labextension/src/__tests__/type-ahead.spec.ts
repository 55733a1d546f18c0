import { TypeAhead } from '../side-panel/type-ahead';

const NAMES = ['finance', 'forest', 'Genomics', 'geo'];

describe('TypeAhead', () => {
  let now: number;
  let ahead: TypeAhead;

  beforeEach(() => {
    now = 1000;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    ahead = new TypeAhead();
  });

  afterEach(() => jest.restoreAllMocks());

  it('finds by the letters of one word, whatever their case', () => {
    expect(ahead.find('g', NAMES, 0)).toBe(2);
    expect(ahead.find('E', NAMES, 2)).toBe(2);
    expect(ahead.find('o', NAMES, 2)).toBe(3);
    expect(ahead.find('x', NAMES, 3)).toBe(-1);
  });

  it('goes from one to the next, and around, by the same letter', () => {
    expect(ahead.find('f', NAMES, 0)).toBe(1);
    expect(ahead.find('f', NAMES, 1)).toBe(0);
  });

  it('begins another word after a pause', () => {
    expect(ahead.find('g', NAMES, 0)).toBe(2);
    now += 1000;
    expect(ahead.find('f', NAMES, 2)).toBe(0);
  });
});
