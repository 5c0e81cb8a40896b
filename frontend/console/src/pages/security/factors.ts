import type { AccountFactors } from "@sealtape/api-client";

/** Whether signing in asks for more than the password. */
export function hasFactor(factors: AccountFactors): boolean {
  return factors.totp !== null || factors.security_keys.length > 0;
}

/** Whether one factor is all there is: without it the password alone signs in and the recovery codes end. */
export function isLastFactor(factors: AccountFactors): boolean {
  return (factors.totp === null ? 0 : 1) + factors.security_keys.length === 1;
}

/** The set of recovery codes that still holds one; a set that ended with the last factor holds none. */
export function usableCodes(factors: AccountFactors): NonNullable<AccountFactors["recovery_codes"]> | undefined {
  const codes = factors.recovery_codes ?? undefined;
  return codes === undefined || codes.left === 0 ? undefined : codes;
}
