/** Networks as somebody types them, one a line or between commas. */
export function readNetworks(value: string): {
  readonly networks: readonly string[];
  readonly wrong: readonly string[];
} {
  const entries = value.split(/[\s,]+/).filter((entry) => entry !== "");
  const networks = entries.filter(isNetwork);
  return { networks, wrong: entries.filter((entry) => !isNetwork(entry)) };
}

/** Whether a text is an IPv4 or IPv6 network in CIDR form; the server looks closer. */
function isNetwork(text: string): boolean {
  const [address = "", prefix = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false;
  if (address.includes(":")) return /^[0-9a-f:.]+$/i.test(address) && Number(prefix) <= 128;
  const parts = address.split(".");
  return (
    parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255) && Number(prefix) <= 32
  );
}
