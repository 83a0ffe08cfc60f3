import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { WordsProvider } from '../src/words/useWords.tsx';
import { Gallery } from './Gallery.tsx';

const root = document.getElementById('gallery');
if (root === null) throw new Error('the page has no place for the gallery');
// A link of a component that is shown leads nowhere.
const { hook } = memoryLocation({ path: '/' });
createRoot(root).render(
  <WordsProvider>
    <Router hook={hook}>
      <Gallery />
    </Router>
  </WordsProvider>,
);
