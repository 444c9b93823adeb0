/** A secret value as Pulumi's engine sends it to a provider. */
export const pulumiSecret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
