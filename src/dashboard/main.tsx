// First of all: what libraries take from the browser as they are loaded.
import './format/locale.js';
import './shell/tokens.css';
import './shell/base.css';
import './shell/content.css';
import './shell/shell.css';
import './shell/workspace.css';
import './shell/forced-colors.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { FiringFeed } from './alerts/firing-feed.js';
import { FiringFeedContext } from './alerts/use-firings.js';
import { createQueryClient, createSubscriptionClient } from './api/client.js';
import { LiveFeed } from './api/live.js';
import { token } from './api/token.js';
import { LiveFeedContext } from './api/use-live.js';
import { App } from './shell/app.js';
import { applyTheme } from './parts/theme.js';
import { parseViewState } from './view-state.js';
import { wantedBy } from './wanted-by.js';

applyTheme();
const container = document.getElementById('dashboard');
if (!container) throw new Error('the page has no element with the id "dashboard"');
const root = createRoot(container);

/** Draws the page anew: what was read with one token says nothing about what another one may read. */
function begin(): () => void {
  const queries = createQueryClient();
  const client = createSubscriptionClient();
  const feed = new LiveFeed(queries, client, wantedBy(parseViewState(window.location.search)));
  const firings = new FiringFeed(queries, client);
  const stop = feed.start();
  const stopFirings = firings.start();
  root.render(
    <StrictMode>
      <Provider value={queries}>
        <LiveFeedContext value={feed}>
          <FiringFeedContext value={firings}>
            <App key={token.get()} />
          </FiringFeedContext>
        </LiveFeedContext>
      </Provider>
    </StrictMode>,
  );
  return () => {
    stop();
    stopFirings();
    client.close();
  };
}

let end = begin();
token.onChange(() => {
  end();
  end = begin();
});
