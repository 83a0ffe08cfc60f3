import type { UserConfig } from 'vite';
import { codeGroups } from './codeGroups.ts';
import { columnDefinitions } from './columnDefinitions.ts';
import { compiledWords } from './compiledWords.ts';
import { drawnIcons } from './drawnIcons.ts';
import { pdfWithoutPage } from './pdfWithoutPage.ts';
import { withoutAdvice } from './withoutAdvice.ts';

/** Builds the portal into static files that work below any path, without a request to any other host. */
const config: UserConfig = {
  root: import.meta.dirname,
  base: './',
  publicDir: 'static',
  logLevel: 'warn',
  clearScreen: false,
  oxc: { jsx: { runtime: 'automatic' } },
  // A class has the name that its style sheet gives it: `styles.check.test.ts` holds that no two sheets name the same one.
  css: { modules: { generateScopedName: '[local]' } },
  plugins: [compiledWords(), columnDefinitions(), drawnIcons(), withoutAdvice()],
  // A worker runs from memory, so what it imports could not be verified: each is one file.
  worker: {
    format: 'es',
    plugins: () => [pdfWithoutPage()],
    rolldownOptions: { output: { codeSplitting: false } },
  },
  build: {
    outDir: 'dist',
    target: 'es2024',
    assetsInlineLimit: 0,
    // The page pins the sheet that it names; nothing would verify one that a screen loads later.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: codeGroups() } } },
    chunkSizeWarningLimit: 2000,
  },
};

export default config;
