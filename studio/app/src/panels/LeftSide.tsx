import {useSession, useStudio} from '../context';
import {t} from '../i18n';
import {PanelTabs} from '../widgets/PanelTabs';
import {Splitter} from '../widgets/Splitter';
import {Explorer} from './Explorer';
import {Outline} from './Outline';

export function LeftSide() {
  const session = useSession();
  const tab = useStudio(state => state.leftTab);
  const width = useStudio(state => state.leftWidth);
  return (
    <aside className="side side-left" aria-label={t('panel.left')} data-tour="explorer">
      <PanelTabs
        id="left"
        label={t('panel.left')}
        value={tab}
        tabs={[
          {id: 'outline', label: t('panel.outline')},
          {id: 'explorer', label: t('panel.explorer')},
        ]}
        onChange={leftTab => session.state.set({leftTab})}
      />
      <div className="scroll" id="left-panel" role="tabpanel" aria-labelledby={`left-tab-${tab}`}>
        {tab === 'outline' ? <Outline /> : <Explorer />}
      </div>
      <Splitter
        label={t('panel.left')}
        orientation="vertical"
        value={width}
        min={180}
        max={480}
        direction={1}
        onChange={leftWidth => session.state.set({leftWidth})}
      />
    </aside>
  );
}
