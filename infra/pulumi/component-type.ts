/** The type token of one of our components. Users' states hold these, so neither the prefix nor a name may change. */
export const componentType = (name: string): string => `fleet:index:${name}`;
