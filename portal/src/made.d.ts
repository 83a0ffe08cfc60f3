/** The compiled messages of each language, which the build makes of its JSON files, in the parts that are loaded together. */
declare module 'words:catalogues' {
  import type { Messages } from '@lingui/core';
  type Part = () => Promise<{ readonly words: Messages }>;
  /** Returns the parts of a language that the portal speaks. */
  export function catalogueOf(language: string): {
    readonly first: Part;
    readonly home: Part;
    readonly rest: Part;
    readonly care: Part;
    /** Easy words in the place of some of the others; most languages have none. */
    readonly easy?: Part;
  };
}

/** The address of a worker's code, which the build makes one file of. */
declare module '*?worker&url' {
  const url: string;
  export default url;
}

/** The address of a file, as it is. */
declare module '*?url' {
  const url: string;
  export default url;
}

/** The half of pdf.js that reads, which has no types. */
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs';

/** The drawings that the portal names, as elements with their attributes. */
declare module 'drawings:icons' {
  export const drawings: Readonly<
    Record<
      string,
      readonly (readonly [name: string, attributes: Readonly<Record<string, string>>])[]
    >
  >;
}

/** The classes of a style sheet, under the names that it has them by. */
declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
