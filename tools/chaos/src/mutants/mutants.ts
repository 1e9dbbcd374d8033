/** A guard of the protocol, and how it is taken away. */
export interface Mutant {
  readonly guard: string;
  /** Exactly one place each, in libs/streams/src. */
  readonly edits: readonly Edit[];
}

export interface Edit {
  readonly file: string;
  /** A regular expression. */
  readonly find: string;
  readonly replace: string;
}

/** Progress is on record before the results are: the offset and the acknowledgement first, then everything else. */
const ADVANCE_FIRST = `
    if (folder.position.offset > this.off) {
      const { commands } = this.parts.options.link;
      await commands.hset(keys[0] as string, 'off', args[3] as number, 'offBars', args[5] as number);
      await commands.xack(keys[1] as string, args[6] as string, args[3] + '-0');
      args[2] = args[3] as number;
    }
    const reply = await this.#send(keys, args);`;

export const mutants: readonly Mutant[] = [
  {
    guard: 'the offset compare-and-set',
    edits: [{ file: 'lua/commit.lua', find: "if off ~= prev .*return \\{ 'STALE', off \\} end", replace: '' }],
  },
  {
    guard: 'the number of a commit that is sent again',
    edits: [{ file: 'lua/commit.lua', find: 'off == last and seq == int\\(23\\)', replace: 'off == last' }],
  },
  {
    guard: 'the contiguity check',
    edits: [
      {
        file: 'stage/partition-runner.ts',
        find: 'if \\(!first \\|\\| first\\.offset !== this\\.off \\+ 1\\) return .*;',
        replace: 'if (!first) return;',
      },
      {
        file: 'stage/partition-folder.ts',
        find: 'if \\(entry\\.offset !== this\\.position\\.offset \\+ 1\\) break;',
        replace: '',
      },
    ],
  },
  {
    guard: 'the refusal of holes',
    edits: [{ file: 'lua/append.lua', find: " or back > 0 and first - back > before and 'HOLE'", replace: '' }],
  },
  {
    guard: 'the idle audit',
    edits: [
      {
        file: 'stage/partition-runner.ts',
        find: 'return this\\.#exclusively\\(\\(\\) => this\\.#resync\\(`nothing delivered.*',
        replace: 'return null;',
      },
    ],
  },
  {
    guard: 'the token of the last input',
    edits: [{ file: 'lua/commit.lua', find: "if .*~= ARGV\\[5\\] then return \\{ 'ROLLBACK' \\} end", replace: '' }],
  },
  {
    guard: 'the offset of each cell at replay',
    edits: [
      { file: 'stage/partition-folder.ts', find: 'if \\(this\\.#savedAt\\.size > 0 &&.*\\n\\s*return;', replace: '' },
    ],
  },
  {
    guard: 'acknowledging after the commit, not before',
    edits: [
      {
        file: 'stage/committer.ts',
        find: '\\n *const reply = await this\\.#send\\(keys, args\\);',
        replace: ADVANCE_FIRST,
      },
    ],
  },
  {
    // Not for order alone: a zombie whose last save was rolled back would declare saved what is not.
    guard: 'the epoch',
    edits: [{ file: 'lua/commit.lua', find: "if h\\[1\\] ~= ARGV\\[1\\] .*return \\{ 'FENCED' \\} end", replace: '' }],
  },
  {
    guard: 'latest values beside the states that speak for them',
    edits: [
      {
        file: 'stage/committer.ts',
        find: 'const latestOf = withLatest \\? null : saving;',
        replace: 'const latestOf = withLatest ? null : [];',
      },
    ],
  },
  {
    guard: 'the place at which a past ends',
    edits: [{ file: 'lua/append-past.lua', find: "if .* then return \\{ 'MOVED', .* \\} end", replace: '' }],
  },
  {
    guard: 'the mark of a series that has been shown its past',
    edits: [{ file: 'lua/append-past.lua', find: "refusal = \\{ 'DUP' \\}", replace: '' }],
  },
  {
    guard: 'the revisions of what was corrected before',
    edits: [{ file: 'lua/append-past.lua', find: "not newer and \\{ 'DUP' \\} or nil", replace: 'nil' }],
  },
];
