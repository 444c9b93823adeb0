/** A cluster's registry listens on its `httpPort` and this. */
export const registryOffset = 5000;

/** The highest `httpPort` that leaves room for the registry's. */
export const highestHttpPort = 65_535 - registryOffset;
