import type {KeyboardEvent, ReactNode} from 'react';

interface Props<T extends string> {
  label: string;
  id: string;
  value: T;
  tabs: {id: T; label: ReactNode}[];
  onChange: (tab: T) => void;
  after?: ReactNode;
}

/** A row of tabs; the panel below it carries `${id}-panel` as its id. */
export function PanelTabs<T extends string>({label, id, value, tabs, onChange, after}: Props<T>) {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!by || (event.target as HTMLElement).getAttribute('role') !== 'tab') return;
    event.preventDefault();
    const next = (tabs.findIndex(tab => tab.id === value) + by + tabs.length) % tabs.length;
    onChange(tabs[next]!.id);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <div className="panel-tabs">
      <div role="tablist" aria-label={label} onKeyDown={move} style={{display: 'flex', gap: 2}}>
        {tabs.map(tab => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-tab-${tab.id}`}
            aria-selected={tab.id === value}
            aria-controls={tab.id === value ? `${id}-panel` : undefined}
            tabIndex={tab.id === value ? 0 : -1}
            onClick={() => onChange(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {after && (
        <>
          <span className="spacer" />
          {after}
        </>
      )}
    </div>
  );
}
