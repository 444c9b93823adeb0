import { main } from "@pulumi/pulumi/provider/index.js";
import { imageProvider } from "./image-provider.ts";

await main(imageProvider(), process.argv.slice(2));
