/** A stranger's text without what a terminal would obey: escape sequences and other control characters but line ends. */
export const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- these are what is taken out
  text.replaceAll(/\u001b\[[0-?]*[ -/]*[@-~]/g, "").replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
