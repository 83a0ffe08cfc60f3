import type { ReactNode } from 'react';

/** The states of a component, each under the words that name it. */
export type States = Readonly<Record<string, ReactNode>>;
