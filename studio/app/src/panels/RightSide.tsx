import {useSession, useStudio} from '../context';
import {t} from '../i18n';
import {PanelTabs} from '../widgets/PanelTabs';
import {Splitter} from '../widgets/Splitter';
import {Inspector} from './inspector/Inspector';
import {OrganRack} from './OrganRack';
import {SettingsPanel} from './SettingsPanel';

export function RightSide() {
  const session = useSession();
  const tab = useStudio(state => state.rightTab);
  const width = useStudio(state => state.rightWidth);
  return (
    <aside className="side side-right" aria-label={t('panel.right')} data-tour="inspector">
      <PanelTabs
        id="right"
        label={t('panel.right')}
        value={tab}
        tabs={[
          {id: 'inspector', label: t('panel.inspector')},
          {id: 'organs', label: t('panel.organs')},
          {id: 'settings', label: t('panel.settings')},
        ]}
        onChange={rightTab => session.state.set({rightTab})}
      />
      <div className="scroll" id="right-panel" role="tabpanel" aria-labelledby={`right-tab-${tab}`}>
        {tab === 'inspector' ? <Inspector /> : tab === 'organs' ? <OrganRack /> : <SettingsPanel />}
      </div>
      <Splitter
        label={t('panel.right')}
        orientation="vertical"
        value={width}
        min={220}
        max={520}
        direction={-1}
        onChange={rightWidth => session.state.set({rightWidth})}
      />
    </aside>
  );
}
