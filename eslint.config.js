import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** The folders that data flows through; a folder may import only what its row names (and itself). */
const mayImport = {
  service: [],
  toolchain: [],
  infra: [],
  stacks: ["infra", "service/build.ts", "toolchain/pins.ts"],
  fleet: [
    "infra/kind/lifecycle.ts",
    "infra/kind/spec.ts",
    "stacks/config.ts",
    "stacks/stack-files.ts",
    "stacks/stack-name.ts",
    "toolchain",
  ],
};

const nodeGlobals = Object.fromEntries(
  [
    "AbortSignal",
    "URL",
    "clearInterval",
    "console",
    "performance",
    "process",
    "require",
    "setInterval",
    "setTimeout",
  ].map((name) => [name, "readonly"]),
);

const folders = Object.keys(mayImport).concat("tests", "bench");

const direction = (folder, allowed) => {
  const forbidden = folders
    .filter((other) => other !== folder && !allowed.includes(other))
    .map((other) => {
      const files = allowed.filter((name) => name.startsWith(`${other}/`)).map((name) => name.slice(other.length + 1));
      const except = files.map((file) => file.replace(".", "\\.")).join("|");
      return {
        regex: `^(\\.\\./)+${other}/${except ? `(?!(${except})$)` : ""}`,
        message: `${folder}/ may import ${allowed.length ? allowed.join(", ") : "no other folder"} only: data flows one way.`,
      };
    });
  return {
    files: [`${folder}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", { patterns: forbidden }] },
  };
};

export default tseslint.config(
  { ignores: ["node_modules/", ".fleet/", "service/dist/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
      "no-console": ["error", { allow: ["error", "log"] }],
    },
  },
  ...Object.entries(mayImport).map(([folder, allowed]) => direction(folder, allowed)),
  {
    files: ["tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  { files: ["**/*.js", "**/*.mjs", "**/*.cjs"], ...tseslint.configs.disableTypeChecked },
  { files: ["**/*.js", "**/*.mjs", "**/*.cjs"], languageOptions: { globals: nodeGlobals } },
  // Evaluated by a pod's Node, which takes a script from its command line as CommonJS.
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
