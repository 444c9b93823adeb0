/** The cluster that `--context` and `--endpoint` name, for the check of a cluster that is up. @default empty */
export const standing: { context?: string; endpoint?: string } = {};
