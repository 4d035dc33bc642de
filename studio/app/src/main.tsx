import {StrictMode} from 'react';
import {createRoot} from 'react-dom/client';
import {App} from './App';
import {SessionContext} from './context';
import {getLocale, setLocale, t} from './i18n';
import {OrgansContext} from './organs/context';
import {OrganRuntime} from './organs/runtime';
import {Documents} from './session/documents';
import {startEngine} from './session/engine';
import {remember} from './session/initial';
import {Session} from './session/session';
import {openFirst} from './session/start';
import {runsSimd} from './session/support';
import './styles/theme.css';
import './styles/layout.css';
import './styles/controls.css';
import './styles/panels.css';
import './styles/dock.css';
import './styles/dialogs.css';

setLocale(getLocale());
const session = new Session(startEngine());
const organs = new OrganRuntime(session);
session.documents = new Documents(session);
session.state.subscribe(() => remember(session.state.get()));
addEventListener('visibilitychange', () => session.client.setHidden(document.hidden));
// For the browser's console and for tests: what a person sees is this one session.
Object.assign(globalThis, {flux: session});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SessionContext value={session}>
      <OrgansContext value={organs}>
        <App />
      </OrgansContext>
    </SessionContext>
  </StrictMode>,
);
if (runsSimd()) void openFirst(session);
else session.warn(t('error.noWasm'), t('error.noWasmFix'));

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Once everything stands: keeping files for later must not slow the first picture.
  setTimeout(() => void navigator.serviceWorker.register(new URL('./sw.js', location.href)).catch(() => {}), 3000);
}
