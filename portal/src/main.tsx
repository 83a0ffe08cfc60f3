import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, OPERATOR_PAGE } from './App.tsx';
import { loadFont } from './ui/loadFont.ts';
import { copyPlainly } from './words/copyPlainly.ts';
import { keepOffline } from './worker/keepOffline.ts';

const root = document.getElementById('portal');
if (root === null) throw new Error('the page has no place for the portal');
const page = createRoot(root);
const show = (isOutdated: boolean): void =>
  page.render(
    <StrictMode>
      <App isOutdated={isOutdated} />
    </StrictMode>,
  );
show(false);
void loadFont();
copyPlainly();
// Without its node the operator's page is of no use.
if (location.pathname !== OPERATOR_PAGE) void keepOffline(() => show(true));
