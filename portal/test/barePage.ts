import { createElement, useEffect, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

/** Lines that the page fetches. */
export type NewsLines = readonly string[];

/** Fetches and draws the lines. */
function Lines(): ReactNode {
  const [lines, setLines] = useState<NewsLines>([]);
  useEffect(() => {
    void fetch('./lines.json')
      .then(async (answer) => await answer.json())
      .then((known) => setLines(known as NewsLines));
  }, []);
  const items = lines.map((line) => createElement('li', { key: line }, line));
  return createElement(
    'main',
    undefined,
    createElement('h1', undefined, 'News'),
    items.length > 0 && createElement('ul', { className: 'timeline' }, items),
  );
}

/** Draws a page of React that fetches some lines and shows them: what other pages do is compared with it. */
export function drawLines(): void {
  createRoot(document.body).render(createElement(Lines));
}
