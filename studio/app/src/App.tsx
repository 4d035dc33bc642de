import {Component, type CSSProperties, type ReactNode, useEffect, useState} from 'react';
import {listenToKeys} from './commands';
import {useSession, useStudio} from './context';
import {Dialogs} from './dialogs/Dialogs';
import {t, titleText, useLocale} from './i18n';
import {BottomBar} from './panels/BottomBar';
import {Centre} from './panels/Centre';
import {ContextMenu} from './panels/ContextMenu';
import {LeftSide} from './panels/LeftSide';
import {RightSide} from './panels/RightSide';
import {TopBar} from './panels/TopBar';
import {listenToPaste} from './session/clipboard';
import {openFile} from './session/files';
import type {Session} from './session/session';
import {listenToDrops} from './session/start';

/** Where a side lies over the canvas, a window that is made so narrow would show nothing else. */
function listenToNarrowing(session: Session): () => void {
  const narrow = matchMedia('(max-width: 560px)');
  const close = () => narrow.matches && session.state.set({leftOpen: false, rightOpen: false});
  narrow.addEventListener('change', close);
  return () => narrow.removeEventListener('change', close);
}

export function App() {
  const session = useSession();
  const locale = useLocale();
  const theme = useStudio(state => state.theme);
  const leftOpen = useStudio(state => state.leftOpen);
  const rightOpen = useStudio(state => state.rightOpen);
  const leftWidth = useStudio(state => state.leftWidth);
  const rightWidth = useStudio(state => state.rightWidth);
  const written = useStudio(state => state.info?.title);
  const title = written && titleText(written);
  const [isDragging, setDragging] = useState(false);

  useEffect(() => listenToKeys(session), [session]);
  useEffect(() => listenToPaste(session), [session]);
  useEffect(() => listenToDrops(file => void openFile(session, file), setDragging), [session]);
  useEffect(() => listenToNarrowing(session), [session]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => {
    document.title = title ? `${title} · FLUX` : 'FLUX';
  }, [title]);

  const columns = {'--left': leftOpen ? `${leftWidth}px` : '0px', '--right': rightOpen ? `${rightWidth}px` : '0px'} as CSSProperties;
  return (
    <div className="studio" lang={locale} style={columns}>
      <TopBar />
      {leftOpen && (
        <Guard>
          <LeftSide />
        </Guard>
      )}
      <Guard>
        <Centre />
      </Guard>
      {rightOpen && (
        <Guard>
          <RightSide />
        </Guard>
      )}
      <BottomBar />
      <Guard>
        <Dialogs />
      </Guard>
      <ContextMenu />
      {isDragging && <div className="drop-hint">{t('document.drop')}</div>}
    </div>
  );
}

/** What fails to draw says so in its own place; the rest of the studio goes on. */
class Guard extends Component<{children: ReactNode}, {error: Error | null}> {
  override state = {error: null as Error | null};

  static getDerivedStateFromError(error: Error) {
    return {error};
  }

  override render() {
    const {error} = this.state;
    if (!error) return this.props.children;
    return (
      <div className="guard" role="alert">
        <p>{t('error.render')}</p>
        <p className="hint">{error.message}</p>
        <button type="button" className="button outlined" onClick={() => this.setState({error: null})}>
          {t('action.retry')}
        </button>
      </div>
    );
  }
}
