/** A sink's or list's name as people gave it; the ledger says before it what kind it is. */
export const plainName = (name: string): string => name.replace(/^(platform|mqtt):/, '')
