import {ChevronDown, Menu as MenuIcon} from 'lucide-react';
import {useState} from 'react';
import {Button, MenuTrigger} from 'react-aria-components';
import {useSession, useStudio} from '../context';
import {t, titleText} from '../i18n';
import {setRoot} from '../session/operations';
import {CommandButton} from '../widgets/CommandButton';
import {CommandMenu, Popover} from '../widgets/CommandMenu';
import {Icon} from '../widgets/Icon';
import {Logo} from '../widgets/Logo';

const fileMenu = ['newFile', 'open', 'gallery', null, 'save', 'saveState', 'saveText', 'share', 'compare', null, 'exportPng', 'exportSvg'];
const moreMenu = [
  'palette',
  'search',
  'newCircuit',
  'redo',
  null,
  'toggleLeft',
  'toggleRight',
  'toggleDock',
  'theme',
  'language',
  null,
  'tour',
  'shortcuts',
];

export function TopBar() {
  return (
    <header className="topbar">
      <div className="logo hide-phone">
        <Logo />
        <span className="hide-narrow">FLUX</span>
      </div>
      <MenuTrigger>
        <Button className="button">
          {t('document.menu')}
          <Icon of={ChevronDown} size={14} />
        </Button>
        <Popover placement="bottom start" offset={4}>
          <CommandMenu ids={fileMenu} label={t('document.menu')} />
        </Popover>
      </MenuTrigger>
      <CommandButton id="undo" />
      <span className="hide-phone">
        <CommandButton id="redo" />
      </span>
      <DocumentTitle />
      <span className="spacer" />
      {/* On a telephone the menus have these. */}
      <span className="row hide-phone">
        <CommandButton id="newCircuit" />
        <CommandButton id="palette" />
        <CommandButton id="share" />
        <span className="divider" />
      </span>
      <CommandButton id="toggleLeft" />
      <span className="row hide-phone">
        <CommandButton id="toggleDock" />
      </span>
      <CommandButton id="toggleRight" />
      <MenuTrigger>
        <Button className="icon-button" aria-label={t('action.more')}>
          <Icon of={MenuIcon} />
        </Button>
        <Popover placement="bottom end" offset={4}>
          <CommandMenu ids={moreMenu} label={t('action.more')} />
        </Popover>
      </MenuTrigger>
    </header>
  );
}

function DocumentTitle() {
  const session = useSession();
  const written = useStudio(state => state.info?.title);
  const title = written ? titleText(written) : '';
  const saved = useStudio(state => state.saved);
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    const next = typed?.trim();
    if (next && next !== title)
      void session.apply([setRoot({title: next})], {key: 'edit.settings', values: {property: t('inspector.title')}});
    setTyped(null);
  };
  return (
    <div className="title">
      <h1 className="visually-hidden">{title || t('app.untitled')}</h1>
      <input
        aria-label={t('document.name')}
        value={typed ?? title}
        placeholder={t('app.untitled')}
        size={Math.min(36, Math.max(12, (typed ?? title).length + 2))}
        onChange={event => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={event => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setTyped(null);
        }}
      />
      {saved !== 'none' && (
        <span className="saved" role="status">
          {saved === 'saving' ? t('history.saving') : saved === 'failed' ? t('history.notSaved') : t('history.autosaved')}
        </span>
      )}
    </div>
  );
}
