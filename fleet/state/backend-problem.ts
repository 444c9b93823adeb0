/** What the words of the storage mean, and what helps. The first that fits counts. */
const meanings: [pattern: RegExp, meaning: string][] = [
  [/NoSuchBucket|bucket does(n't| not) exist/i, "there is no such bucket. Make it, or correct the URL"],
  [
    /get credentials|could not find default credentials|DefaultAzureCredential/i,
    "there are no credentials. Set them as its own tools take them, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ],
  [
    /Invalid region|region "[^"]*" is wrong|PermanentRedirect/i,
    "the region is missing or wrong. Set AWS_REGION, or add ?region=… to the URL",
  ],
  [
    /StatusCode: 40[13]|No user exists|InvalidAccessKeyId/i,
    "the credentials are refused. Set others, or let them read and write there",
  ],
  [/connection refused|no such host|timeout|deadline exceeded/i, "nothing answers there. Correct the URL"],
];

/** How Pulumi tells what a storage said. */
const fromStorage = /\bblob \(|\bopen bucket\b/;

/**
 * What to say when the storage of a backend can't be used, on one line; undefined when Pulumi's message is about
 * something else.
 *
 * @param url the backend's
 */
export function backendProblem(pulumiMessage: string, url: string): string | undefined {
  const line = pulumiMessage.split("\n").find((text) => fromStorage.test(text));
  if (line === undefined) return undefined;
  const meaning = meanings.find(([pattern]) => pattern.test(line))?.[1];
  const words = storagesOwn(line);
  return `The backend ${url} can't be used: ${meaning === undefined ? words : `${meaning} (${words})`}.`;
}

/** What the storage itself said, without the ids of a request and what the layers above it put in front. */
const storagesOwn = (line: string): string =>
  line
    .replace(/^.*HostID: [^,]*, /, "")
    .replace(/^.*\boperation error S3: \w+, /, "")
    .replace(/^.*\bblob \([^:]*\)+: /, "")
    .replace(/^error: unable to open bucket "[^"]*": /, "")
    .replace(/^api error /, "")
    .replace(/\.$/, "");
