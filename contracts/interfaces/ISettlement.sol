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
interface ISettlement is IERC20, IRefusals {
    /// @notice An organisation that issues units.
    struct Issuer {
        /// Units that it issued and did not take back.
        uint48 outstanding;
        /// Issues so far.
        uint64 number;
    }

    event Issued(bytes32 indexed organisation, address indexed account, uint48 amount, uint64 number);
    event Redeemed(address indexed holder, bytes32 indexed organisation, uint48 amount, uint64 number);

    /// @notice No account, or one that cannot hold units.
    error AccountInvalid();
    /// @notice The amount is zero, or beyond what was issued or can be: in all, or by one organisation.
    error AmountInvalid();
    /// @notice The account has not enough units.
    error FundsMissing();
    /// @notice The request is not numbered as the next one.
    error NumberUnexpected();
    /// @notice Reverts: units are moved by claims alone.
    error UnitsBound();

    /// @notice Units that an organisation can have outstanding.
    function MOST_OUTSTANDING() external view returns (uint48);

    /// @notice Issues units, each by the signature of a member of the authority.
    function issue(IssueUnits[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Takes units out of the world, each by signatures of the holder and of a member of the
    /// authority, whose organisation pays for them.
    function redeem(RedeemUnits[] calldata requests, bytes[2][] calldata signatures) external;

    /// @notice Moves units; claims alone may.
    function move(address from, address to, uint48 amount) external;

    /// @notice The contract that moves units.
    function claims() external view returns (address);

    /// @notice Redemptions of an account so far.
    function redemptionsOf(address account) external view returns (uint64);

    /// @notice The issues of an organisation; all zero if it made none.
    function issuerOf(bytes32 organisation) external view returns (Issuer memory);
}
