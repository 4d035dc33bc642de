import {createContext, useContext} from 'react';
import type {OrganRuntime} from './runtime';

export const OrgansContext = createContext<OrganRuntime | null>(null);

export function useOrgans(): OrganRuntime {
  const organs = useContext(OrgansContext);
  if (!organs) throw new Error('A component outside of the studio asks for its organs.');
  return organs;
}
