import { Component, type ReactNode } from 'react';

/** Properties of `FaultBoundary`. */
export interface FaultBoundaryProps {
  /** Ends what the screen was shown for. */
  readonly onFault: () => void;
  /** Returns the notice in place of the screen; `again` shows the screen of the present place. */
  readonly renderFault: (again: () => void) => ReactNode;
  readonly children: ReactNode;
}

/** Keeps a screen that cannot be drawn from taking the page with it, whose lock would go too. */
export class FaultBoundary extends Component<FaultBoundaryProps, { readonly failed: boolean }> {
  public override state = { failed: false };

  public static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  public override componentDidCatch(): void {
    this.props.onFault();
  }

  public override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return this.props.renderFault(() => this.setState({ failed: false }));
  }
}
