import type { Plugin } from 'vite';

/**
 * Has the build take of pdf.js what draws pages: its list of everything would keep the editor and the layers of forms and
 * links, and what only Node runs asks where its module lies, which a worker that starts from memory has no answer to.
 */
export function pdfWithoutPage(): Plugin {
  return {
    name: 'medseal-pdf',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/pdfjs-dist\/legacy\/build\/pdf(?:\.worker)?\.mjs$/.test(id)) return undefined;
      const drawn = code
        .replaceAll('import.meta.url', "''")
        .replace(/^globalThis\.pdfjsLib = \{[^}]*\};$/m, '');
      return { code: drawn, map: null, moduleSideEffects: id.endsWith('pdf.worker.mjs') };
    },
  };
}
