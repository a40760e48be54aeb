'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/** Whether scripts run here: what needs them is not shown before. */
export function useAlive(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
