import { applied, apart } from '../edits';
import type { Envlink } from '../tokens';

function edit(
  line: number,
  column: number,
  end_line: number,
  end_column: number,
  text: string
): Envlink.IEdit {
  return { line, column, end_line, end_column, text };
}

describe('applied', () => {
  it('puts texts in place of ranges, whatever ends the lines', () => {
    const edits = [edit(3, 1, 3, 2, 'C'), edit(1, 2, 2, 2, '-')];
    for (const end of ['\n', '\r\n', '\r', '\u2028']) {
      expect(applied(['ab', 'cd', 'ef'].join(end), edits)).toBe(`a-d${end}Cf`);
    }
  });

  it('counts characters and not the units of a string', () => {
    expect(applied('🎉🎉 a\nb', [edit(1, 4, 1, 5, 'x')])).toBe('🎉🎉 x\nb');
  });

  it('does not count a byte order mark', () => {
    expect(applied('\ufeffab', [edit(1, 1, 1, 2, 'x')])).toBe('\ufeffxb');
  });

  it('takes what lies outside for the end', () => {
    expect(applied('a', [edit(9, 1, 9, 1, '!')])).toBe('a!');
    expect(applied('a', [edit(1, 1, 1, 99, '!')])).toBe('!');
  });
});

describe('apart', () => {
  it('leaves out what overlaps', () => {
    const [one, two, three, four] = [
      edit(1, 1, 2, 1, ''),
      edit(1, 5, 1, 6, ''),
      edit(2, 1, 2, 2, ''),
      edit(2, 3, 2, 4, '')
    ];
    expect(apart([four, three, two, one])).toEqual([one, three, four]);
  });

  it('puts no two texts in at one place', () => {
    const [one, two] = [edit(1, 1, 1, 1, 'a'), edit(1, 1, 1, 1, 'b')];
    expect(apart([one, two])).toEqual([one]);
    expect(apart([edit(1, 1, 2, 1, ''), edit(2, 1, 2, 1, 'b')])).toHaveLength(
      1
    );
  });
});
