import {X} from 'lucide-react';
import {useSession, useStudio} from '../context';
import {t} from '../i18n';
import type {DockTab} from '../session/state';
import {IconButton} from '../widgets/IconButton';
import {PanelTabs} from '../widgets/PanelTabs';
import {Splitter} from '../widgets/Splitter';
import {History} from './dock/History';
import {Raster} from './dock/Raster';
import {Statistics} from './dock/StatisticsTable';
import {Traces} from './dock/Traces';
import {Weights} from './dock/Weights';

const tabs: DockTab[] = ['raster', 'traces', 'weights', 'statistics', 'history'];
const bodies = {raster: Raster, traces: Traces, weights: Weights, statistics: Statistics, history: History};

export function Dock() {
  const session = useSession();
  const tab = useStudio(state => state.dockTab);
  const height = useStudio(state => state.dockHeight);
  const Body = bodies[tab];
  return (
    <section className="dock" style={{height}} aria-label={t('panel.dock')}>
      <Splitter
        label={t('panel.dock')}
        orientation="horizontal"
        value={height}
        min={110}
        max={640}
        direction={-1}
        onChange={dockHeight => session.state.set({dockHeight})}
      />
      <PanelTabs
        id="dock"
        label={t('panel.dock')}
        value={tab}
        tabs={tabs.map(id => ({id, label: t(`panel.${id}`)}))}
        onChange={dockTab => session.state.set({dockTab})}
        after={<IconButton icon={X} size={14} label={t('action.toggleDock')} onPress={() => session.state.set({dockOpen: false})} />}
      />
      <div className="dock-body" id="dock-panel" role="tabpanel" aria-labelledby={`dock-tab-${tab}`}>
        <Body />
      </div>
    </section>
  );
}
