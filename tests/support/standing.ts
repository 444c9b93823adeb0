/** The cluster that `--context` and `--endpoint` name, for a check of what stands; empty otherwise. */
export const standing: { context?: string; endpoint?: string } = {};
