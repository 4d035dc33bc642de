import {X} from 'lucide-react';
import {useSession, useStudio} from '../context';
import {t, titleText} from '../i18n';
import {CommandButton} from '../widgets/CommandButton';
import {IconButton} from '../widgets/IconButton';
import {Segmented} from '../widgets/Segmented';
import {CanvasArea} from './CanvasArea';
import {ComparePanel} from './ComparePanel';
import {Dock} from './Dock';
import {MiniMap} from './MiniMap';
import {CrashScreen, Notices} from './Notices';
import {TimeBar} from './TimeBar';

export function Centre() {
  const dockOpen = useStudio(state => state.dockOpen);
  return (
    <main className="centre" aria-label={t('panel.canvas')}>
      <TabsBar />
      <div className="canvas-area">
        <CanvasArea />
        <Breadcrumbs />
        <Tools />
        <MiniMap />
        <div className="floating zoom">
          <CommandButton id="zoomOut" />
          <CommandButton id="zoomIn" />
          <CommandButton id="zoomAll" />
        </div>
        <TimeBar />
        <ComparePanel />
        <Notices />
        <CrashScreen />
      </div>
      {dockOpen ? <Dock /> : <span />}
    </main>
  );
}

/** Opened circuits. The root stays open. */
function TabsBar() {
  const session = useSession();
  const tabs = useStudio(state => state.tabs);
  const active = useStudio(state => state.active);
  const title = useStudio(state => state.info?.title);
  if (tabs.length === 1) return <span />;
  return (
    <nav className="tabs-bar" aria-label={t('panel.tabs')}>
      {tabs.map(path => (
        <div key={path} className="tab" data-active={path === active || undefined}>
          <button type="button" aria-current={path === active ? 'page' : undefined} onClick={() => void session.openTab(path)}>
            {path === '' ? titleText(title) : path.split('/').at(-1)}
          </button>
          {path !== '' && (
            <IconButton
              icon={X}
              size={12}
              className="tiny"
              label={`${t('action.close')} ${path}`}
              onPress={() => void session.closeTab(path)}
            />
          )}
        </div>
      ))}
    </nav>
  );
}

/** The circuits around the one that is shown, and whose body an edit would change. */
function Breadcrumbs() {
  const session = useSession();
  const active = useStudio(state => state.active);
  const title = useStudio(state => state.info?.title);
  const source = useStudio(state => state.view?.source);
  const owner = useStudio(state => state.owner);
  const scope = useStudio(state => state.scope);
  if (active === '') return null;
  // A prototype or group by itself lies in no circuit.
  const [, kind = '', ...inside] = /^(\/\w+\/)?(.*)$/.exec(active) ?? [];
  const parts = inside.join('').split('/');
  return (
    <nav className="breadcrumbs" aria-label={t('panel.breadcrumbs')}>
      <ol>
        <li>
          <button type="button" onClick={() => void session.openTab('')}>
            {titleText(title)}
          </button>
        </li>
        {parts.map((part, i) => {
          const path = kind + parts.slice(0, i + 1).join('/');
          return (
            <li key={path}>
              <button type="button" aria-current={path === active ? 'page' : undefined} onClick={() => void session.openTab(path)}>
                {part}
              </button>
            </li>
          );
        })}
      </ol>
      {source && source.kind !== 'own' && (
        <span className="badge">{t(owner && scope === 'this' ? 'view.onlyThis' : `view.${source.kind}`, {name: source.name ?? ''})}</span>
      )}
      {owner && (
        <span className="scope-choice">
          <Segmented
            label={t('view.scope')}
            value={scope}
            options={[
              {value: 'all', label: t('view.scopeAll')},
              {value: 'this', label: t('view.scopeThis')},
            ]}
            onChange={next => session.state.set({scope: next})}
          />
        </span>
      )}
    </nav>
  );
}

function Tools() {
  const tool = useStudio(state => state.tool);
  return (
    <div className="floating tools" role="toolbar" aria-label={t('panel.toolbar')} data-tour="tools">
      <CommandButton id="toolHand" pressed={tool === 'hand'} />
      <CommandButton id="toolSelect" pressed={tool === 'select'} />
      <CommandButton id="toolConnect" pressed={tool === 'connect'} />
      <CommandButton id="toolComment" pressed={tool === 'comment'} />
      <span className="divider" />
      <CommandButton id="newNode" />
      <CommandButton id="makeCircuit" />
      <CommandButton id="autoLayout" />
    </div>
  );
}
