// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The EIP-712 structs of settlement units that reach the ledger. A moment is in Unix seconds, an amount in minor units
// of the currency.

/// @notice A member of the authority issues units to an account, for money that its organisation holds.
struct IssueUnits {
    bytes32 organisation;
    address account;
    uint48 amount;
    /// Number of the organisation's last issue + 1.
    uint64 number;
    uint64 deadline;
}

/// @notice A holder gives units back to an organisation that issued some, for the money that they stand for.
struct RedeemUnits {
    address holder;
    bytes32 organisation;
    uint48 amount;
    /// Number of the holder's last redemption + 1.
    uint64 number;
    uint64 deadline;
}

/// @title Struct hashes (EIP-712 `hashStruct`) of settlement units
library SettlementTypes {
    bytes32 private constant ISSUE_TYPE = keccak256(
        "IssueUnits(bytes32 organisation,address account,uint48 amount,uint64 number,uint64 deadline)"
    );
    bytes32 private constant REDEEM_TYPE = keccak256(
        "RedeemUnits(address holder,bytes32 organisation,uint48 amount,uint64 number,uint64 deadline)"
    );

    function hash(IssueUnits calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(ISSUE_TYPE, request));
    }

    function hash(RedeemUnits calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(REDEEM_TYPE, request));
    }
}
