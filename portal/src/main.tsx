import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, OPERATOR_PAGE } from './App.tsx';
import { loadFont } from './ui/loadFont.ts';
import { showWhole } from './ui/showWhole.ts';
import { copyPlainly } from './words/copyPlainly.ts';
import { keepOffline } from './worker/keepOffline.ts';

const root = document.getElementById('portal');
if (root === null) throw new Error('the page has no place for the portal');
const page = createRoot(root);
const drawn = Promise.withResolvers<void>();
const show = (isOutdated: boolean): void =>
  page.render(
    <StrictMode>
      <App isOutdated={isOutdated} onDrawn={drawn.resolve} />
    </StrictMode>,
  );
show(false);
copyPlainly();
showWhole();
// The first screen needs neither, and its own files come first.
void drawn.promise.then(loadFont);
// Without its node the operator's page is of no use.
if (location.pathname !== OPERATOR_PAGE) void keepOffline(() => show(true), drawn.promise);
