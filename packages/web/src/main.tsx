/** Starts the page: links are put in order before the router sees them. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import { acceptDeepLinks } from './lib/deep-link.ts';

acceptDeepLinks(window);

const place = document.getElementById('root');
if (place) {
  // imported afterwards, because the router reads the address while it is loaded
  const { App } = await import('./shell/app.tsx');
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
