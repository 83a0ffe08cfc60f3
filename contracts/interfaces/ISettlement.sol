// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IssueUnits, RedeemUnits} from "../SettlementTypes.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title Settlement units: what claims are paid in
/// @notice A unit is a minor unit of the channel's currency. Organisations with a seat in the authority issue units, and
/// owe them. Claims alone move units
/// from one account to another; `transfer` and `approve` of ERC-20 revert. An account is a party's address, or that of a
/// key that nobody enrolled, so that a patient can have one for each claim.
///
/// Without a period, a payment moves units at once. With one, it changes the two accounts' positions, and units move
/// when an account is cleared, at the earliest in the period after the one in which its position began. An
/// account never pays more than it has once all is cleared.
interface ISettlement is IERC20, IRefusals {
    /// @notice An account beside its balance.
    struct Account {
        /// Units that come in by the next clearing; below 0, that go out.
        int64 position;
        /// Units that were to be taken back and were not there any more; beyond 2^48 - 1 no more are counted.
        uint48 debt;
        /// Period in which the position began.
        uint40 since;
        /// Redemptions so far.
        uint64 number;
    }

    /// @notice An organisation that issues units.
    struct Issuer {
        /// Units that it issued and did not take back.
        uint48 outstanding;
        /// Issues so far.
        uint64 number;
    }

    event Issued(bytes32 indexed organisation, address indexed account, uint48 amount, uint64 number);
    event Redeemed(address indexed holder, bytes32 indexed organisation, uint48 amount, uint64 number);
    /// @notice A payment changed two positions.
    event Accrued(address indexed from, address indexed to, uint48 amount);
    event DebtChanged(address indexed account, uint48 debt);

    /// @notice No account, or one that cannot hold units.
    error AccountInvalid();
    /// @notice The amount is zero, or beyond what was issued or can be: in all, or by one organisation.
    error AmountInvalid();
    /// @notice The account has not enough units, or owes them.
    error FundsMissing();
    /// @notice The request is not numbered as the next one.
    error NumberUnexpected();
    /// @notice The account has owed units to be taken back.
    error DebtOpen();
    /// @notice The period of the position has not ended.
    error ClearingEarly();
    /// @notice There is nothing to clear, or those who owe were not cleared yet.
    error NothingToClear();
    /// @notice Reverts: units are moved by claims alone.
    error UnitsBound();

    /// @notice Units that an organisation can have outstanding.
    function MOST_OUTSTANDING() external view returns (uint48);

    /// @notice Issues units, each by the signature of a member of the authority.
    function issue(IssueUnits[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Takes units out of the world, each by signatures of the holder and of a member of the
    /// authority, whose organisation pays for them.
    function redeem(RedeemUnits[] calldata requests, bytes[2][] calldata signatures) external;

    /// @notice Moves the units of accounts' positions; anyone may. Those who owe come first.
    function clear(address[] calldata accounts) external;

    /// @notice Pays from one account to two; claims alone may.
    /// @return refusal Selector of the error; 0 if it was paid.
    function pay(
        address from,
        address to,
        uint48 amount,
        address other,
        uint48 otherAmount
    ) external returns (bytes4 refusal);

    /// @notice Takes units back, as far as they are there, and makes the rest a debt; claims alone may.
    /// @return taken Amount that was there.
    function takeBack(address from, address to, uint48 amount) external returns (uint48 taken);

    /// @notice Takes units of a debt, as far as they are there; claims alone may.
    /// @return taken Amount that was there.
    function collect(address from, address to, uint48 amount) external returns (uint48 taken);

    /// @notice The contract that moves units.
    function claims() external view returns (address);

    /// @notice Seconds of a period; 0 if payments move units at once.
    function period() external view returns (uint32);

    /// @notice Units that an account can pay with: its balance and its position.
    function availableOf(address account) external view returns (uint256);

    /// @notice An account beside its balance.
    function accountOf(address account) external view returns (Account memory);

    /// @notice The issues of an organisation; all zero if it made none.
    function issuerOf(bytes32 organisation) external view returns (Issuer memory);
}
