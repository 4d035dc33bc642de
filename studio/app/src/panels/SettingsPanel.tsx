import type {CoreChoice} from '@flux/engine';
import {useSession, useStudio} from '../context';
import {writtenSeed} from '../fiber';
import {type Locale, localeNames, setLocale, t, useLocale} from '../i18n';
import type {PropertySpec} from '../properties';
import {setRoot} from '../session/operations';
import {PropertyField} from '../widgets/PropertyField';
import {SeedField} from '../widgets/SeedField';
import {Segmented} from '../widgets/Segmented';
import {EnvironmentForm} from './EnvironmentForm';

const noise: PropertySpec = {
  name: 'thresholdNoise',
  label: 'settings.noise',
  help: 'settings.noiseHelp',
  unit: 'unit.levels',
  min: 0,
  max: 255,
  default: 0,
};
const jitter: PropertySpec = {
  name: 'delayJitter',
  label: 'settings.jitter',
  help: 'settings.jitterHelp',
  unit: 'unit.ticks',
  min: 0,
  max: 255,
  default: 0,
};
const tick: PropertySpec = {
  name: 'tick',
  label: 'settings.tick',
  help: 'settings.tickHelp',
  unit: 'unit.us',
  min: 100,
  max: 10_000,
  default: 1000,
};

let gesture = 0;

export function SettingsPanel() {
  const session = useSession();
  const locale = useLocale();
  const theme = useStudio(state => state.theme);
  const settings = useStudio(state => state.info?.settings);
  const core = useStudio(state => state.core);

  const set = (spec: PropertySpec, value: number | string, written: number | string, settled: boolean) => {
    session.applyLatest([setRoot({[spec.name]: written})], {
      key: 'edit.set',
      values: {name: t('settings.circuit'), property: t(spec.label), value},
      merge: `root.${spec.name}.${gesture}`,
    });
    if (settled) gesture++;
  };
  return (
    <>
      {settings && (
        <section className="section">
          <h2>{t('settings.circuit')}</h2>
          <SeedField
            value={settings.seed}
            help={t('settings.seedHelp')}
            onCommit={seed =>
              void session.apply([setRoot({seed: writtenSeed(seed)})], {key: 'edit.settings', values: {property: t('settings.seed')}})
            }
          />
          <PropertyField spec={tick} value={settings.tick} onChange={(value, settled) => set(tick, value, `${value}us`, settled)} />
          <PropertyField spec={noise} value={settings.thresholdNoise} onChange={(value, settled) => set(noise, value, value, settled)} />
          <PropertyField spec={jitter} value={settings.delayJitter} onChange={(value, settled) => set(jitter, value, value, settled)} />
        </section>
      )}
      <EnvironmentForm />
      {core && (
        <section className="section">
          <h2>{t('core.title')}</h2>
          <Segmented<CoreChoice>
            label={t('core.title')}
            value={core.choice}
            options={(['auto', 'cpu', 'gpu'] as const).map(value => ({value, label: t(`core.${value}`)}))}
            onChange={choice => void session.chooseCore(choice)}
          />
          <p className="hint" role="status">
            {t(core.running === 'gpu' ? 'core.onGpu' : 'core.onCpu', {name: core.name})} {t(`core.because.${core.because}`)}
          </p>
        </section>
      )}
      <section className="section">
        <h2>{t('settings.studio')}</h2>
        <div className="field">
          <span className="label wide">{t('settings.theme')}</span>
          <div className="wide">
            <Segmented
              label={t('settings.theme')}
              value={theme}
              options={[
                {value: 'dark', label: t('settings.dark')},
                {value: 'light', label: t('settings.light')},
              ]}
              onChange={value => session.state.set({theme: value})}
            />
          </div>
        </div>
        <div className="field">
          <span className="label wide">{t('settings.language')}</span>
          <div className="wide">
            <Segmented<Locale>
              label={t('settings.language')}
              value={locale}
              options={(['en', 'ru'] as const).map(value => ({value, label: localeNames[value]}))}
              onChange={setLocale}
            />
          </div>
        </div>
      </section>
    </>
  );
}
