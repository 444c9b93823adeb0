import js from "@eslint/js";
import boundaries from "eslint-plugin-boundaries";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import servicePackage from "./service/package.json" with { type: "json" };

/**
 * What the code in each folder may import in addition to its own files: data flows one way. A folder, or a file at the
 * root, that has no row here is an error.
 */
const mayImport = {
  bootstrap: [],
  "eslint.config.js": ["service/package.json"],
  "versions.ts": [],
  host: [],
  "service/src": [],
  "service/build.ts": [],
  config: ["host", "service/src"],
  infra: ["config", "host"],
  stacks: ["config", "host", "infra", "service/build.ts", "versions.ts"],
  toolchain: ["host", "versions.ts"],
  fleet: [
    "config",
    "host",
    "infra",
    "service/build.ts",
    "service/src",
    "stacks/extra-file.ts",
    "stacks/images.ts",
    "stacks/index.ts",
    "stacks/outputs.ts",
    "toolchain/index.ts",
    "versions.ts",
  ],
  tests: [
    "bootstrap",
    "config",
    "fleet",
    "host",
    "infra",
    "service/build.ts",
    "service/src",
    "stacks",
    "toolchain/index.ts",
    "versions.ts",
  ],
  // As if they were where users copy them.
  examples: ["stacks"],
  bench: ["fleet", "host", "infra", "service/build.ts", "tests/support", "toolchain/index.ts", "versions.ts"],
};

/**
 * The layers within a folder, from the top down. The files of a place may import one another and what is on lower
 * shelves, but nothing of the other places on their own shelf.
 */
const shelves = {
  fleet: [
    ["fleet/main.ts"],
    ["fleet/explain-error.ts"],
    ["fleet/commands"],
    ["fleet/dev"],
    ["fleet/proof", "fleet/drift"],
    ["fleet/state"],
    ["fleet/setup"],
    ["fleet/user-error.ts"],
  ],
  infra: [
    ["infra/*.ts"],
    ["infra/kind", "infra/existing"],
    ["infra/registry", "infra/cluster"],
    ["infra/ownership"],
    ["infra/manifest", "infra/pulumi"],
  ],
  toolchain: [
    ["toolchain/index.ts"],
    ["toolchain/ensure.ts", "toolchain/outdated"],
    ["toolchain/tools", "toolchain/images", "toolchain/engine"],
    ["toolchain/go"],
    ["toolchain/core"],
    ["toolchain/docker-plugin"],
  ],
};

const patternsOf = (place) => (place.includes("*") ? [place] : [place, `${place}/**`]);
const filesIn = (...places) => ({ file: { path: places.flatMap(patternsOf) } });
const packages = (...names) => ({ module: { origin: "external", source: names } });

// Where several policies fit an import, the last one decides; where none fits, the import is refused.
const importPolicies = [
  { allow: { to: { module: { origin: ["core", "external"] } } } },
  // It runs before any package is installed.
  { from: filesIn("bootstrap"), disallow: { to: packages("**") } },
  // The service's image holds only the packages that its own package.json names.
  { from: filesIn("service/src"), disallow: { to: packages("**") } },
  { from: filesIn("service/src"), allow: { to: packages(...Object.keys(servicePackage.dependencies)) } },
  // Pulumi's SDK takes most of a second to load, and these are loaded by every command.
  { from: filesIn("config", "host"), disallow: { to: packages("@pulumi/**") } },
  ...Object.entries(mayImport).flatMap(([place, others]) => [
    { from: filesIn(place), allow: { to: filesIn(...others) } },
    ...(place in shelves ? [] : [{ from: filesIn(place), allow: { to: filesIn(place) } }]),
  ]),
  ...Object.values(shelves).flatMap((folder) =>
    folder.flatMap((shelf, index) =>
      shelf.map((place) => ({
        from: filesIn(place),
        allow: { to: filesIn(place, ...folder.slice(index + 1).flat()) },
      })),
    ),
  ),
  // Commands share code on a lower shelf, and don't import one another.
  { from: filesIn("fleet/commands"), disallow: { to: filesIn("fleet/commands") } },
  { from: filesIn("fleet/commands"), allow: { to: filesIn("fleet/commands/tables.ts") } },
  // Only the toolchain's own unit tests look behind its index.
  { from: filesIn("tests/unit/toolchain"), allow: { to: filesIn("toolchain") } },
];

const refusedSyntax = [
  {
    selector: "ImportExpression > :not(Literal).source",
    message: "Name the module: the rule of folders can't see a computed import.",
  },
  {
    selector: "CatchClause > .param:not([name='error'])",
    message: "A caught error is called error.",
  },
  {
    selector: "CallExpression[callee.property.name='catch'] > ArrowFunctionExpression > .params:not([name='error'])",
    message: "A caught error is called error.",
  },
  {
    selector:
      "ObjectExpression > SpreadElement > LogicalExpression[operator='&&'][right.type='ObjectExpression'], " +
      "ObjectExpression > SpreadElement > ConditionalExpression > ObjectExpression[properties.length=0]",
    message: "Say undefined instead, or fill the object in a statement of its own.",
  },
];

const scripts = ["**/*.js", "**/*.mjs", "**/*.cjs"];

const nodeGlobals = [
  "AbortSignal",
  "Buffer",
  "URL",
  "clearInterval",
  "clearTimeout",
  "console",
  "fetch",
  "performance",
  "process",
  "require",
  "setInterval",
  "setTimeout",
];

export default defineConfig(
  globalIgnores(["node_modules/", ".fleet/", "service/dist/"]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/dot-notation": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  { files: scripts, extends: [tseslint.configs.disableTypeChecked], rules: { "dot-notation": "error" } },
  {
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/naming-convention": [
        "error",
        { selector: "variable", format: ["camelCase"] },
        // An environment variable is taken out of process.env by its own name.
        { selector: "variable", modifiers: ["destructured"], format: null },
        { selector: "typeLike", format: ["PascalCase"] },
      ],
      "@typescript-eslint/no-import-type-side-effects": "error",
      eqeqeq: "error",
      // Prettier breaks the lines of code, but neither strings nor comments.
      "max-len": ["error", 140],
      "no-console": ["error", { allow: ["error", "log"] }],
      "no-duplicate-imports": "error",
      "no-nested-ternary": "error",
      "no-restricted-syntax": ["error", ...refusedSyntax],
    },
  },
  {
    plugins: { boundaries },
    settings: {
      "boundaries/root-path": import.meta.dirname,
      // The service is a package of this workspace, so a link in node_modules leads to it.
      "import/resolver": { node: { preserveSymlinks: false } },
      "boundaries/files": Object.keys(mayImport).map((place) => ({ category: place, pattern: patternsOf(place) })),
    },
    rules: {
      "boundaries/dependencies": [
        "error",
        {
          default: "disallow",
          checkAllOrigins: true,
          checkUnknownLocals: true,
          policies: importPolicies,
          message: "{{from.file.path}} may not import {{dependency.source}}: see mayImport in eslint.config.js",
        },
      ],
      "boundaries/no-unknown-files": "error",
    },
  },
  {
    files: ["tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    files: scripts,
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, "readonly"])) },
  },
  // A pod's Node evaluates these from its command line, as CommonJS.
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
