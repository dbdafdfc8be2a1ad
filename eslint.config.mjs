import globals from "globals";
import jsdoc from "eslint-plugin-jsdoc";

export default [
    {ignores: ["node_modules/", ".dev/", "**/static/lib/"]},
    {
        files: ["addons/**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {...globals.browser, odoo: "readonly", luxon: "readonly", $: "readonly"},
        },
        linterOptions: {reportUnusedDisableDirectives: "error"},
        plugins: {jsdoc},
        rules: {
            "accessor-pairs": "error",
            "array-callback-return": "error",
            complexity: ["error", 15],
            curly: "error",
            "default-case-last": "error",
            eqeqeq: "error",
            "no-alert": "error",
            "no-console": "error",
            "no-debugger": "error",
            "no-duplicate-imports": "error",
            "no-else-return": "error",
            "no-eval": "error",
            "no-implied-eval": "error",
            "no-new-func": "error",
            "no-shadow": "error",
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
            "no-use-before-define": ["error", {functions: false}],
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "require-await": "error",
            "jsdoc/check-param-names": "error",
            "jsdoc/check-tag-names": "error",
            "jsdoc/check-types": "error",
        },
    },
];
