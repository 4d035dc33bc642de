import {createContext, useContext} from 'react';
import type {Session} from './session/session';
import type {StudioState} from './session/state';
import {useStore} from './store';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('A component outside of the studio asks for its session.');
  return session;
}

/** A part of the studio's state; the component draws anew when that part is another. */
export function useStudio<S>(select: (state: StudioState) => S): S {
  return useStore(useSession().state, select);
}
