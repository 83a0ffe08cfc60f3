import { setupI18n } from '@lingui/core';
import { StrictMode, useEffect, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { NetworkFile } from '../../src/protocol/NetworkFile.ts';
import type { WordKey } from './words/WordKey.ts';

const root = document.querySelector('#portal');
if (root === null) throw new Error('The page has no place for the portal.');
const language = navigator.language.startsWith('de') ? 'de' : 'en';
const { words } = language === 'de' ? await import('words:de') : await import('words:en');
const i18n = setupI18n({ locale: language, messages: { [language]: words } });
document.documentElement.lang = language;
createRoot(root).render(
  <StrictMode>
    <Start />
  </StrictMode>,
);

/** Shows which organisation, and which network, this page belongs to. */
function Start(): ReactNode {
  const [network, setNetwork] = useState<NetworkFile>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    askNetwork().then(setNetwork, () => setFailed(true));
  }, []);
  if (hasFailed) return <p role="alert">{say('start.failed')}</p>;
  if (network === undefined) return <p role="status">{say('start.loading')}</p>;
  return (
    <main>
      <h1>{say('start.title', { organisation: organisationHere() })}</h1>
      <dl>
        <dt>{say('start.network')}</dt>
        <dd>{network.networkId}</dd>
      </dl>
      <p>{say(network.demo ? 'start.demonstration' : 'start.production')}</p>
    </main>
  );
}

function say(key: WordKey, values?: Record<string, unknown>): string {
  return i18n._(key, values);
}

async function askNetwork(): Promise<NetworkFile> {
  const answer = await fetch('../v1/network');
  if (!answer.ok) throw new Error(`the node answers ${answer.status}`);
  return (await answer.json()) as NetworkFile;
}

/** The organisation whose agent served this page, by the page's address. */
function organisationHere(): string {
  return location.pathname.split('/').at(-3) ?? '';
}
