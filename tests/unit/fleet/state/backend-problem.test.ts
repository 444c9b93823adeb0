import { expect } from "chai";
import { backendProblem } from "../../../../fleet/state/backend-problem.ts";

const url = "s3://acme-state?region=eu-west-1";

/** Pulumi 3.259's messages, word by word, with what they should become. */
const cases: { said: string; becomes: string }[] = [
  {
    said:
      "error: error listing stacks: could not list bucket: blob (code=NotFound): operation error S3: ListObjectsV2, https " +
      "response error StatusCode: 404, RequestID: L95G6O, HostID: 36nev/+GrZ49O=, NoSuchBucket: The specified bucket does not exist.",
    becomes:
      "there is no such bucket. Make it, or correct the URL (NoSuchBucket: The specified bucket does not exist).",
  },
  {
    said:
      'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): operation error S3: GetObject, https ' +
      "response error StatusCode: 403, RequestID: WB1LML, HostID: QjP+eX=, api error SignatureDoesNotMatch: The request " +
      "signature we calculated does not match the signature you provided. Check your key and signing method.",
    becomes:
      "the credentials are refused. Set others, or let them read and write there (SignatureDoesNotMatch: The request " +
      "signature we calculated does not match the signature you provided. Check your key and signing method).",
  },
  {
    said:
      "SDK 2026/11/26 22:58:18 WARN falling back to IMDSv1: operation error ec2imds: getToken\n" +
      'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): operation error S3: GetObject, get ' +
      "identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found",
    becomes:
      "there are no credentials. Set them as its own tools take them, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY " +
      "(get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found).",
  },
  {
    said:
      'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): operation error S3: GetObject, resolve ' +
      "auth scheme: resolve endpoint: endpoint rule error, Invalid region: region was not a valid DNS name.",
    becomes:
      "the region is missing or wrong. Set AWS_REGION, or add ?region=… to the URL (resolve auth scheme: resolve endpoint: " +
      "endpoint rule error, Invalid region: region was not a valid DNS name).",
  },
  {
    said:
      'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): operation error S3: GetObject, exceeded ' +
      "maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , HostID: , request send failed, Get " +
      '"http://127.0.0.1:1/state": dial tcp 127.0.0.1:1: connect: connection refused',
    becomes:
      'nothing answers there. Correct the URL (request send failed, Get "http://127.0.0.1:1/state": dial tcp 127.0.0.1:1: ' +
      "connect: connection refused).",
  },
  {
    said: 'error: unable to open bucket "s3://state?x=1": open bucket s3://state?x=1: unknown query parameter "x"',
    becomes: 'open bucket s3://state?x=1: unknown query parameter "x".',
  },
];

describe("backendProblem", () => {
  it("backendProblem says what a storage's words mean, and what helps, on one line with the backend's URL", () => {
    for (const { said, becomes } of cases) {
      expect(backendProblem(`Command failed\n${said}\n`, url)).to.equal(`The backend ${url} can't be used: ${becomes}`);
    }
  });

  it("backendProblem leaves other messages as they are", () => {
    expect(backendProblem("error: stack 'prod' not found", url)).to.equal(undefined);
  });
});
