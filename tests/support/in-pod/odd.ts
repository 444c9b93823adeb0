// Runs inside a pod, bundled to one file: sends odd requests to a port, each on a connection of its own, and prints how
// often each status was answered, and the first requests that were answered with a 5xx.
import * as fc from "fast-check";
import { oddRequests } from "../odd-requests.ts";
import { finishRaw, open } from "../raw-socket.ts";

const [host = "", port = "", runs = "", seed = ""] = process.argv.slice(2);
const atOnce = 20;

async function answerTo(bytes: string): Promise<string> {
  const socket = await open(Number(port), host);
  socket.setTimeout(20_000, () => socket.destroy(new Error("still open after 20 s")));
  return finishRaw(socket, Buffer.from(bytes, "latin1"));
}

const requests = fc.sample(oddRequests, { numRuns: Number(runs), seed: Number(seed) });
const statuses: Record<string, number> = {};
const bad: { request: string; answer: string }[] = [];
let next = 0;
const work = async () => {
  for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
    const answer = await answerTo(request);
    const found = [...answer.matchAll(/^HTTP\/1\.\d (\d{3})/gm)].map(([, status = ""]) => status);
    for (const status of found.length > 0 ? found : ["none"]) statuses[status] = (statuses[status] ?? 0) + 1;
    if (found.some((status) => status.startsWith("5"))) bad.push({ request, answer });
  }
};
await Promise.all(Array.from({ length: atOnce }, work));
process.stdout.write(JSON.stringify({ statuses, bad: bad.slice(0, 5) }));
