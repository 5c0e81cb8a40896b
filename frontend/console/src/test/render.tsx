import { MantineProvider } from "@mantine/core";
import { theme } from "@sealtape/ui";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { createConsoleRouter } from "../app/router";
import { SpeechProvider } from "../i18n/context";
import type { Language } from "../i18n/translate";

/** Opens the console at an address; gives the router to ask where it is. */
export function openConsole(address: string, language: Language = "en") {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createConsoleRouter(queryClient, createMemoryHistory({ initialEntries: [address] }));
  render(
    <MantineProvider theme={theme} env="test">
      <SpeechProvider initial={language}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </SpeechProvider>
    </MantineProvider>,
  );
  return router;
}
