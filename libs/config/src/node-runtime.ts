/**
 * What Node cannot know of processes through whose hands everything goes for a moment. What each flag is for:
 * docs/decisions/0015 and 0021. The image's entry point has them too. Tried with Node 20.20, 22.23 and 24.21.
 */
export const NODE_FLAGS: readonly string[] = [
  '--enable-source-maps',
  '--max-semi-space-size=4',
  '--heap-growing-percent=300',
  '--single-threaded-gc',
  '--no-allocation-site-pretenuring',
  '--max-inlined-bytecode-size=1000',
  '--max-inlined-bytecode-size-cumulative=3000',
  '--use-largepages=silent',
];

/** Memory of the C library in large pages, and kept when it is given back. Other C libraries than GNU's ignore it. */
export const NODE_ENVIRONMENT: Readonly<Record<string, string>> = {
  GLIBC_TUNABLES: [
    'glibc.malloc.hugetlb=1',
    'glibc.malloc.mmap_threshold=33554432',
    'glibc.malloc.trim_threshold=268435456',
    'glibc.malloc.top_pad=16777216',
  ].join(':'),
};
